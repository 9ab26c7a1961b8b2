/** Cuts text into lines; what follows the last line break is dropped: its writer died over it. */
export class TextLineStream extends TransformStream<string, string> {
  /** Makes a stream. */
  constructor() {
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) controller.enqueue(line);
      },
    });
  }
}
