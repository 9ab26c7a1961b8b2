import type { HostInterface } from "../../../host_interface.ts";
import type { IoError } from "../io/io_error.ts";
import type { ErrorCode } from "./error_code.ts";
import { Fields } from "./fields.ts";
import { FutureIncomingResponse } from "./future_incoming_response.ts";
import { FutureTrailers } from "./future_trailers.ts";
import { HttpIoError } from "./http_io_error.ts";
import { IncomingBody } from "./incoming_body.ts";
import { IncomingResponse } from "./incoming_response.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { OutgoingRequest } from "./outgoing_request.ts";
import { OutgoingResponse } from "./outgoing_response.ts";
import { RequestOptions } from "./request_options.ts";

// The resources that only a received request would bring. None is ever made, but a guest links
// against their names.
class IncomingRequest {}
class ResponseOutparam {}

/** `wasi:http/types`. */
export const httpTypes: HostInterface = {
  id: "wasi:http/types",
  create: ({ signal }) => ({
    Fields,
    FutureIncomingResponse,
    FutureTrailers,
    IncomingBody,
    IncomingRequest,
    IncomingResponse,
    OutgoingBody,
    // The guest creates these itself, with their headers alone.
    OutgoingRequest: class extends OutgoingRequest {
      constructor(headers: Fields) {
        super(headers, signal);
      }
    },
    OutgoingResponse: class extends OutgoingResponse {
      constructor(headers: Fields) {
        super(headers, signal);
      }
    },
    RequestOptions,
    ResponseOutparam,
    httpErrorCode,
  }),
};

function httpErrorCode(error: IoError): ErrorCode | undefined {
  return error instanceof HttpIoError ? error.code : undefined;
}
