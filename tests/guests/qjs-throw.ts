// Throws an Error from a function called giveUp.

export function handleTimerRequest(msg: string): string {
  return giveUp(msg);
}

function giveUp(msg: string): string {
  throw new Error(`no answer to ${msg}`);
}
