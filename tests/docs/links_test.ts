import assert from "node:assert/strict";
import { brokenLinks } from "./links.ts";

const PAGES = {
  "README.md": "# Top\n[a](docs/a.md) [b](docs/a.md#two-words) <https://x.y> [c](https://x.y/z)\n",
  "docs/a.md": "## Two `words`!\n[up](../README.md#top) [me](#two-words) [l](../LICENSE)\n",
};

const CASES: readonly [when: string, text: string, breach: RegExp | undefined][] = [
  ["all is well", "", undefined],
  ["a link in code leads nowhere", "`[a](no.md)`\n```text\n[a](no.md)\n```\n", undefined],
  ["a file is not there", "[a](no.md)", /docs\/b\.md links to no\.md, which is not there/],
  ["a reference is not there", "[a]: no.md", /which is not there/],
  ["a heading is not there", "[a](a.md#three)", /docs\/a\.md has no such heading/],
  ["its own heading is not there", "[a](#two-words)", /docs\/b\.md has no such heading/],
  ["a link leaves the repository", "[a](../../x.md)", /outside the repository/],
];

for (const [when, text, breach] of CASES) {
  Deno.test(`brokenLinks() finds ${breach === undefined ? "nothing" : "it"} when ${when}`, () => {
    const pages = new Map(Object.entries({ ...PAGES, "docs/b.md": text }));
    const found = brokenLinks({ pages, exists: (path) => pages.has(path) || path === "LICENSE" });
    assert.equal(found.length, breach === undefined ? 0 : 1);
    if (breach !== undefined) assert.match(found[0] ?? "", breach);
  });
}
