"""What is known of languages: tags, scripts, detection, Chinese characters, numbers, common words."""
