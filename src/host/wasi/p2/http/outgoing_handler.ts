import type { HostInterface } from "../../../host_interface.ts";
import { MOST_REQUESTS } from "./bounds.ts";
import { Exchange } from "./exchange.ts";
import { FutureIncomingResponse } from "./future_incoming_response.ts";
import { HttpFailure } from "./http_failure.ts";
import { OutboundGuard } from "./outbound_guard.ts";
import type { OutgoingRequest } from "./outgoing_request.ts";
import type { RequestOptions } from "./request_options.ts";
import { sentRequest } from "./sent_request.ts";

/** `wasi:http/outgoing-handler`. */
export const outgoingHandler: HostInterface = {
  id: "wasi:http/outgoing-handler",
  create(guest) {
    const guard = new OutboundGuard(guest);
    let underWay = 0;

    function send(request: OutgoingRequest, options: RequestOptions | undefined): Exchange {
      const sent = sentRequest(request, guard.target(request));
      if (underWay >= MOST_REQUESTS) throw new HttpFailure({ tag: "connection-limit-reached" });
      underWay++;
      return new Exchange(sent, {
        connectTimeout: milliseconds(options?.connectTimeout()),
        firstByteTimeout: milliseconds(options?.firstByteTimeout()),
        betweenBytesTimeout: milliseconds(options?.betweenBytesTimeout()),
        permits: (address) => guard.permits(sent.target, address),
        onForbidden: () => guard.onForbidden(sent.target),
        onClosed: () => underWay--,
        signal: guest.signal,
      });
    }

    return {
      handle(
        request: OutgoingRequest,
        options: RequestOptions | undefined,
      ): FutureIncomingResponse {
        try {
          return new FutureIncomingResponse(send(request, options), guest.signal);
        } catch (error) {
          throw error instanceof HttpFailure ? error.code : error;
        }
      },
    };
  },
};

/** The longest time that a timer takes, 24.8 days. */
const LONGEST_TIMER = 2_147_483_647;

/** Of a duration in ns; one that no timer takes is none. */
function milliseconds(duration: bigint | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const time = Math.ceil(Number(duration) / 1e6);
  return time > LONGEST_TIMER ? undefined : time;
}
