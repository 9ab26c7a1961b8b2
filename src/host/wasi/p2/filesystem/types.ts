import type { HostInterface } from "../../../host_interface.ts";
import type { IoError } from "../io/io_error.ts";
import { Descriptor } from "./descriptor.ts";
import { DirectoryEntryStream } from "./directory_entry_stream.ts";
import { FilesystemError } from "./filesystem_error.ts";

/** `wasi:filesystem/types`. */
export const filesystemTypes: HostInterface = {
  id: "wasi:filesystem/types",
  create: () => ({
    Descriptor,
    DirectoryEntryStream,
    filesystemErrorCode: (error: IoError) =>
      error instanceof FilesystemError ? error.code : undefined,
  }),
};
