import { GyreError } from "../errors.ts";

/**
 * What `wasi:cli/exit` throws through the guest. It ends the guest's call, whatever the code is;
 * what an exit means for the event is the caller's to decide.
 */
export class GuestExit extends GyreError {
  /** The exit code that the guest gave: 0 to 255, where 0 is success. */
  readonly exitCode: number;

  /**
   * Creates the exit.
   *
   * @param exitCode The exit code that the guest gave.
   */
  constructor(exitCode: number) {
    super("ERR_GUEST_EXIT", `Guest exited with code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
