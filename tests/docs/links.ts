/**
 * The links between the pages.
 *
 * @module
 */

import { posix } from "node:path";
import { codeBlocks } from "./code_block.ts";

const LINK_REGEXP = /\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)/gm;
const HEADING_REGEXP = /^#{1,6} +(.+)$/gm;

/** Where links lead. */
export interface LinkTargets {
  /** The pages, by path from the repository's root. */
  readonly pages: ReadonlyMap<string, string>;
  /** Tells whether there is anything at a path from the repository's root. */
  readonly exists: (path: string) => boolean;
}

/**
 * Finds the relative links that lead nowhere.
 *
 * @param targets The pages that are searched, and what they may link to.
 * @returns One sentence for each broken link.
 */
export function brokenLinks({ pages, exists }: LinkTargets): readonly string[] {
  return [...pages].flatMap(([page, markdown]) =>
    relativeLinks(markdown).flatMap((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : posix.join(posix.dirname(page), path);
      if (target.startsWith("../")) return [`${page} links to ${link}, outside the repository`];
      if (!exists(target)) return [`${page} links to ${link}, which is not there`];
      if (anchor === undefined || anchors(pages.get(target) ?? "").includes(anchor)) return [];
      return [`${page} links to ${link}, but ${target} has no such heading`];
    })
  );
}

function relativeLinks(markdown: string): readonly string[] {
  return [...withoutCode(markdown).matchAll(LINK_REGEXP)]
    .map(([, inline, reference]) => inline ?? reference ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors that a page's headings get on GitHub. */
function anchors(markdown: string): readonly string[] {
  return [...withoutBlocks(markdown).matchAll(HEADING_REGEXP)].map(([, heading = ""]) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
}

function withoutCode(markdown: string): string {
  return withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, "");
}

function withoutBlocks(markdown: string): string {
  return codeBlocks(markdown).reduce((text, block) => text.replace(block.text, ""), markdown);
}
