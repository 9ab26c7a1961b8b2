/**
 * Makes the error for a guest that broke the contract of an interface where the contract says that
 * this traps. The class is that of Wasm's own traps, so that the guest can neither see nor survive
 * it.
 *
 * @param message What the guest did, naming the function.
 * @returns The error to throw.
 */
export function guestTrap(message: string): WebAssembly.RuntimeError {
  return new WebAssembly.RuntimeError(message);
}
