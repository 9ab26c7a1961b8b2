/** Handles one tick of the timer. */
export function handleTimerRequest(msg: string): string {
  return `Hello, it is ${msg}`;
}
