import type { HostInterface } from "../../../host_interface.ts";
import { Fields } from "./fields.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { OutgoingRequest } from "./outgoing_request.ts";
import { OutgoingResponse } from "./outgoing_response.ts";
import { RequestOptions } from "./request_options.ts";

// The resources that only a request received or a response received would bring. None is ever made,
// but a guest links against their names.
class FutureIncomingResponse {}
class FutureTrailers {}
class IncomingBody {}
class IncomingRequest {}
class IncomingResponse {}
class ResponseOutparam {}

/** `wasi:http/types`. */
export const httpTypes: HostInterface = {
  id: "wasi:http/types",
  create: () => ({
    Fields,
    FutureIncomingResponse,
    FutureTrailers,
    IncomingBody,
    IncomingRequest,
    IncomingResponse,
    OutgoingBody,
    OutgoingRequest,
    OutgoingResponse,
    RequestOptions,
    ResponseOutparam,
    // No stream of this host comes from a message, so no stream's error has an HTTP error code.
    httpErrorCode: () => undefined,
  }),
};
