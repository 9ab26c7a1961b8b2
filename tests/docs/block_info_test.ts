import assert from "node:assert/strict";
import { type BlockInfo, parseInfo } from "./block_info.ts";

const GOOD: readonly [info: string, parsed: BlockInfo][] = [
  ["text", { language: "text" }],
  ["sh runs-until-interrupt", { language: "sh", mark: "runs-until-interrupt" }],
  ["toml fragment", { language: "toml", mark: "fragment" }],
  ["ts check", { language: "ts", mark: "check" }],
  ["json lines", { language: "json", mark: "lines" }],
  ["ts file=../app/main.ts", { language: "ts", file: "../app/main.ts" }],
];

for (const [info, parsed] of GOOD) {
  Deno.test(`parseInfo() reads "${info}"`, () => {
    assert.deepEqual(parseInfo(info), parsed);
  });
}

const BAD = [
  ...["", "bash", "typescript", "constructor"],
  ...["ts chek", "sh check", "text file=a.txt", "sh file=a.sh", "toml file="],
  ...["toml fragment file=a.toml", "ts check check"],
];

for (const info of BAD) {
  Deno.test(`parseInfo() throws when it is given "${info}"`, () => {
    assert.throws(() => parseInfo(info), SyntaxError);
  });
}
