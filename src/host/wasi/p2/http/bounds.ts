/**
 * What an instance's requests may take of the host, so that neither a guest nor a server can fill
 * its memory. All sizes are in bytes.
 *
 * @module
 */

/** The names and values of one `fields` resource, as they are written in a message. */
export const MOST_FIELD_BYTES = 131_072;

/** The status line and header of a response, those of its interim responses included. */
export const MOST_HEAD_BYTES = 131_072;

/** The trailer of a response. */
export const MOST_TRAILER_BYTES = 131_072;

/** The line that announces a chunk, with its extensions. */
export const MOST_CHUNK_LINE_BYTES = 4_096;

/** The path and query of a request. */
export const MOST_PATH_BYTES = 65_536;

/** What a guest may write of a request's body before it must wait until some of it is sent. */
export const MOST_UNSENT_BYTES = 65_536;

/** Requests of one instance that are under way at once. */
export const MOST_REQUESTS = 64;
