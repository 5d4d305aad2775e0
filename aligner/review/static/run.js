// Running of commands, from keys and from buttons alike.

import { ACTIONS, AT_ONCE } from "./actions.js";
import { trouble } from "./messages.js";
import { busy, inOrder } from "./operations.js";

/** Do a command; one that only moves is done at once unless an operation before it is still on its way. */
export function run(command) {
  const action = ACTIONS[command];
  if (!action) return null;
  if (AT_ONCE.has(command) && !busy()) {
    try {
      return action();
    } catch (problem) {
      return trouble(problem);
    }
  }
  return inOrder(action);
}
