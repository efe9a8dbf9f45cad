import Generation
import HTTP
import Inference

/// A cell's conversation while it waits for a reply.
struct OngoingCall {
    var conversation: Conversation
    let endpoint: Endpoint
    var http: HTTPRequestID?
}
