import type { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { InstanceFiles } from "../../../../../src/host/wasi/p2/filesystem/instance_files.ts";
import { mountOf } from "./mount_of.ts";

/** What stands in the files outside of the mount, and must never reach a guest. */
export const SECRET = "secret";

/** Link name to target, beneath the mount. `$` stands for the directory around the mount. */
const LINKS: Readonly<Record<string, string>> = {
  "link-file": "a.txt",
  "link-dir": "dir",
  "dir/link-up": "../a.txt",
  "dir/link-here": ".",
  "link-slash": "dir/",
  "link-file-slash": "a.txt/",
  "link-dangling": "nowhere",
  "link-dangling-out": "../new.txt",
  "link-self": "link-self",
  "link-loop-1": "link-loop-2",
  "link-loop-2": "link-loop-1",
  "link-abs": "$/secret.txt",
  "link-abs-inside": "$/mount/a.txt",
  "link-abs-double": "//etc/passwd",
  "link-root": "/",
  "link-proc": "/proc/self/environ",
  "link-out": "../secret.txt",
  "link-out-dir": "..",
  "link-out-sibling": "../mount-evil",
  "link-out-and-in": "../mount/a.txt",
  "link-out-by-dir": "dir/deep/../../../secret.txt",
  "link-out-by-link": "link-dir/../../secret.txt",
  "link-out-by-chain": "link-chain",
  "link-chain": "link-out",
  "dir/link-out": "../../secret.txt",
  "dir/deep/link-out-dir": "../../..",
  "dir/deep/link-mount": "../..",
};

/** A mount with files, links of every kind, and secrets around it. */
export class MountFixture implements Disposable {
  readonly #around = Deno.realPathSync(Deno.makeTempDirSync());
  readonly #end = new AbortController();
  /** What the guest has open. */
  readonly files = new InstanceFiles(this.#end.signal);
  /** The mount's path on the host. */
  readonly path = `${this.#around}/mount`;
  /** The mount as a guest gets it that may only read. */
  readonly root = this.mountOf(this.path);
  /** The mount as a guest gets it that may change it. */
  readonly writable = mountOf(this.path, { writable: true, files: this.files });

  constructor() {
    Deno.mkdirSync(`${this.path}/dir/deep`, { recursive: true });
    Deno.mkdirSync(`${this.#around}/mount-evil`);
    for (const place of ["", "/mount-evil"]) {
      Deno.writeTextFileSync(`${this.#around}${place}/secret.txt`, SECRET);
    }
    Deno.writeTextFileSync(`${this.path}/a.txt`, "hello");
    Deno.writeTextFileSync(`${this.path}/dir/b.txt`, "");
    Deno.writeTextFileSync(`${this.path}/dir/deep/ü.txt`, "deep");
    for (const [name, target] of Object.entries(LINKS)) {
      Deno.symlinkSync(
        target.replace("$", this.#around),
        `${this.path}/${name}`,
      );
    }
  }

  /** The directory around the mount, which holds `secret.txt`. */
  get around(): string {
    return this.#around;
  }

  /** The names of all links. */
  get links(): string[] {
    return Object.keys(LINKS);
  }

  /** Mounts another directory, to be read only. */
  mountOf(hostPath: string): DirectoryDescriptor {
    return mountOf(hostPath, { files: this.files });
  }

  /** Closes what is open and removes all files. */
  [Symbol.dispose](): void {
    this.#end.abort();
    Deno.removeSync(this.#around, { recursive: true });
  }
}
