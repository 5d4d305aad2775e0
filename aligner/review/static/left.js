// How many wrong pairs are left, in words.

import { say } from "./words.js";

/** "About 12 wrong pairs left in 690 unread". */
export function leftWords({ expected_errors: errors, unread: n }) {
  if (!n) return say("progress.none");
  if (Math.round(errors) === 1) return say("progress.one", { n });
  return errors < 1 ? say("progress.few", { n }) : say("progress.left", { errors: Math.round(errors), n });
}
