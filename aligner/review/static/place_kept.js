// The place that was kept for a reload.

export const KEPT = "align.place";

export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}
