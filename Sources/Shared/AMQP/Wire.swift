import CRabbitMQ
import Glibc

/// A librabbitmq connection: logs in, and turns methods and frames into C structs and back.
///
/// Belongs to one thread. After a call has thrown, only releasing it is allowed. Nothing here waits for the broker but
/// the login, and a send for which the socket has no room (see ``isWritable``).
final class Wire: @unchecked Sendable {
    // SAFETY: made and used on the thread of the event loop of its connection actor alone, which also hands it to that
    // loop to be released.
    let handle: amqp_connection_state_t
    let arena = MethodArena()
    private(set) var server = ServerProperties([:])
    private(set) var frameMaxBytes = 0
    private(set) var channelMax = 0
    /// Equal names in a row are one string: most deliveries have the exchange and the key of the one before.
    private var exchangeName = RepeatedText()
    private var routingKey = RepeatedText()
    private var lastChannel: amqp_channel_t = 0

    /// Connects and logs in; blocks for at most `connectTimeout` on the way to the broker and as long in the login, not
    /// counting the look-up of the name.
    init(_ url: BrokerURL, name: String, settings: AMQPConnection.Settings) throws(AMQPError) {
        guard let handle = amqp_new_connection() else {
            throw AMQPError(.invalidArgument, "connect to \(url)", "no memory")
        }
        self.handle = handle
        try openSocket(url, settings)
        try logIn(url, name, settings)
    }

    deinit { amqp_destroy_connection(handle) }

    /// -1 once the library has closed it.
    var descriptor: Int32 { amqp_get_sockfd(handle) }

    /// Frames wait in the library, which the descriptor does not tell.
    var hasBufferedFrames: Bool { amqp_frames_enqueued(handle) != 0 || amqp_data_in_buffer(handle) != 0 }

    /// Whether about a third of the socket's buffer is free, so that a few kilobytes can be sent without waiting.
    var isWritable: Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, 0) == 1
    }

    /// The next frame that is already here; nil when there is none. Also sends a heartbeat when one is due.
    ///
    /// - Throws: `.connectionLost`, `.heartbeatMissed`, `.protocolViolation`.
    func next() throws(AMQPError) -> (channel: UInt16, frame: Frame)? {
        // What the last frame pointed to is not needed any more.
        amqp_maybe_release_buffers_on_channel(handle, lastChannel)
        var frame = amqp_frame_t()
        var noWait = timeval()
        let status = amqp_simple_wait_frame_noblock(handle, &frame, &noWait)
        if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
        try check(status, "read from the broker")
        lastChannel = frame.channel
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD: return (frame.channel, read(frame.payload.method))
        case AMQP_FRAME_HEADER:
            let payload = frame.payload.properties
            guard let decoded = payload.decoded, payload.class_id == 60 else { return (frame.channel, .other) }
            let properties = Self.read(decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee)
            return (frame.channel, .contentHeader(bodyBytes: payload.body_size, properties))
        case AMQP_FRAME_BODY:
            let fragment = frame.payload.body_fragment
            return (
                frame.channel,
                .contentBody(UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len))
            )
        default: return (frame.channel, .other)
        }
    }

    func check(_ status: Int32, _ operation: String) throws(AMQPError) {
        guard status != AMQP_STATUS_OK.rawValue else { return }
        let code: AMQPError.Code =
            switch status {
            case AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue: .heartbeatMissed
            case AMQP_STATUS_TIMEOUT.rawValue: .timedOut
            case AMQP_STATUS_BAD_AMQP_DATA.rawValue, AMQP_STATUS_UNKNOWN_CLASS.rawValue,
                AMQP_STATUS_UNKNOWN_METHOD.rawValue, AMQP_STATUS_WRONG_METHOD.rawValue,
                AMQP_STATUS_UNEXPECTED_STATE.rawValue, AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION.rawValue:
                .protocolViolation
            case AMQP_STATUS_TABLE_TOO_BIG.rawValue, AMQP_STATUS_INVALID_PARAMETER.rawValue: .invalidArgument
            default: .connectionLost
            }
        throw AMQPError(code, operation, Self.words(for: status))
    }

    static func words(for status: Int32) -> String { String(cString: amqp_error_string2(status)) }

    // MARK: Login

    private func openSocket(_ url: BrokerURL, _ settings: AMQPConnection.Settings) throws(AMQPError) {
        let operation = "connect to \(url)"
        let socket: OpaquePointer
        if url.usesTLS {
            guard let made = amqp_ssl_socket_new(handle) else {
                throw AMQPError(.tlsFailed, operation, "no TLS socket could be made")
            }
            socket = made
            amqp_ssl_socket_set_verify_peer(socket, 1)
            amqp_ssl_socket_set_verify_hostname(socket, 1)
            let file = url.certificateAuthorityFile ?? settings.certificateAuthorityFile ?? Self.systemAuthorityFile()
            guard let file, amqp_ssl_socket_set_cacert(socket, file) == AMQP_STATUS_OK.rawValue else {
                let detail = "no trusted certificates could be read from \(file ?? "the system's bundle")"
                throw AMQPError(.certificateRefused, operation, detail)
            }
        } else {
            guard let made = amqp_tcp_socket_new(handle) else {
                throw AMQPError(.unreachable, operation, "no socket could be made")
            }
            socket = made
        }
        var limit = timeval(settings.connectTimeout)
        let status = amqp_socket_open_noblock(socket, url.host, Int32(url.port), &limit)
        guard status != AMQP_STATUS_OK.rawValue else { return }
        let code: AMQPError.Code =
            switch status {
            case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue, AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue:
                .certificateRefused
            case AMQP_STATUS_SSL_ERROR.rawValue, AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue: .tlsFailed
            default: .unreachable
            }
        throw AMQPError(code, operation, Self.words(for: status))
    }

    /// librabbitmq 0.11 does not look where OpenSSL would.
    private static func systemAuthorityFile() -> String? {
        let usual = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
        ]
        if let named = getenv("SSL_CERT_FILE") { return String(cString: named) }
        return usual.first { access($0, R_OK) == 0 }
    }

    private func logIn(_ url: BrokerURL, _ name: String, _ settings: AMQPConnection.Settings) throws(AMQPError) {
        let operation = "log in to \(url)"
        var limit = timeval(settings.connectTimeout)
        amqp_set_handshake_timeout(handle, &limit)
        amqp_set_rpc_timeout(handle, &limit)
        // The library announces two capabilities by itself and merges these in.
        var properties = arena.table([
            "product": "Tessera",
            "connection_name": .string(name),
            "capabilities": .table([
                "consumer_cancel_notify": true, "connection.blocked": true, "basic.nack": true,
                "publisher_confirms": true,
            ]),
        ])
        let heartbeat = max(1, settings.heartbeat.components.seconds)
        let reply = tessera_amqp_login(
            handle, url.virtualHost, Int32(settings.frameMaxBytes), Int32(heartbeat), &properties, url.user,
            url.password)
        arena.reset()
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: break
        case AMQP_RESPONSE_SERVER_EXCEPTION where reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD:
            let close: amqp_connection_close_t = Self.decoded(reply.reply)
            throw .connectionClosed(Int(close.reply_code), String(close.reply_text), during: operation)
        default:
            try check(reply.library_error, operation)
            throw AMQPError(.connectionLost, operation, "the broker closed the connection")
        }
        if let table = amqp_get_server_properties(handle) {
            server = ServerProperties(FieldValue.table(from: table.pointee))
        }
        frameMaxBytes = Int(amqp_get_frame_max(handle))
        channelMax = Int(amqp_get_channel_max(handle))
    }

    // MARK: Reading

    static func decoded<T>(_ method: amqp_method_t, as type: T.Type = T.self) -> T {
        // The library decodes every method it knows into its struct, also those without fields.
        method.decoded.assumingMemoryBound(to: T.self).pointee
    }

    private func read(_ method: amqp_method_t) -> Frame {
        switch method.id {
        case AMQP_BASIC_DELIVER_METHOD:
            let deliver: amqp_basic_deliver_t = Self.decoded(method)
            return .contentStart(
                .delivery(
                    number: deliver.delivery_tag, isRedelivered: deliver.redelivered != 0,
                    exchange: exchangeName.text(deliver.exchange), routingKey: routingKey.text(deliver.routing_key)))
        case AMQP_BASIC_RETURN_METHOD:
            let returned: amqp_basic_return_t = Self.decoded(method)
            return .contentStart(.returned(code: Int(returned.reply_code), text: String(returned.reply_text)))
        case AMQP_BASIC_ACK_METHOD:
            let ack: amqp_basic_ack_t = Self.decoded(method)
            return .confirm(number: ack.delivery_tag, multiple: ack.multiple != 0, isAck: true)
        case AMQP_BASIC_NACK_METHOD:
            let nack: amqp_basic_nack_t = Self.decoded(method)
            return .confirm(number: nack.delivery_tag, multiple: nack.multiple != 0, isAck: false)
        case AMQP_BASIC_CANCEL_METHOD:
            let cancel: amqp_basic_cancel_t = Self.decoded(method)
            return .consumerCancelled(tag: String(cancel.consumer_tag))
        case AMQP_CHANNEL_CLOSE_METHOD:
            let close: amqp_channel_close_t = Self.decoded(method)
            return .channelClosed(code: Int(close.reply_code), text: String(close.reply_text))
        case AMQP_CONNECTION_CLOSE_METHOD:
            let close: amqp_connection_close_t = Self.decoded(method)
            return .connectionClosed(code: Int(close.reply_code), text: String(close.reply_text))
        case AMQP_CONNECTION_BLOCKED_METHOD:
            let blocked: amqp_connection_blocked_t = Self.decoded(method)
            return .blocked(String(blocked.reason))
        case AMQP_CONNECTION_UNBLOCKED_METHOD: return .unblocked
        default: return readReply(method).map(Frame.reply) ?? .other
        }
    }

    private func readReply(_ method: amqp_method_t) -> Reply? {
        switch method.id {
        case AMQP_QUEUE_DECLARE_OK_METHOD:
            let declared: amqp_queue_declare_ok_t = Self.decoded(method)
            return Reply(
                kind: .queueDeclare,
                depth: QueueDepth(
                    readyMessages: Int(declared.message_count), consumers: Int(declared.consumer_count)))
        case AMQP_CONNECTION_CLOSE_OK_METHOD: return Reply(kind: .connectionClose)
        case AMQP_CHANNEL_OPEN_OK_METHOD: return Reply(kind: .channelOpen)
        case AMQP_CHANNEL_CLOSE_OK_METHOD: return Reply(kind: .channelClose)
        case AMQP_EXCHANGE_DECLARE_OK_METHOD: return Reply(kind: .exchangeDeclare)
        case AMQP_QUEUE_DELETE_OK_METHOD: return Reply(kind: .queueDelete)
        case AMQP_QUEUE_BIND_OK_METHOD: return Reply(kind: .queueBind)
        case AMQP_CONFIRM_SELECT_OK_METHOD: return Reply(kind: .confirmSelect)
        case AMQP_BASIC_QOS_OK_METHOD: return Reply(kind: .qos)
        case AMQP_BASIC_CONSUME_OK_METHOD: return Reply(kind: .consume)
        case AMQP_BASIC_CANCEL_OK_METHOD: return Reply(kind: .cancel)
        default: return nil
        }
    }

    private static func read(_ properties: amqp_basic_properties_t) -> MessageProperties {
        var read = MessageProperties()
        func has(_ flag: Int32) -> Bool { properties._flags & amqp_flags_t(flag) != 0 }
        if has(AMQP_BASIC_REPLY_TO_FLAG) { read.replyTo = String(properties.reply_to) }
        if has(AMQP_BASIC_CORRELATION_ID_FLAG) { read.correlationID = String(properties.correlation_id) }
        if has(AMQP_BASIC_MESSAGE_ID_FLAG) { read.messageID = String(properties.message_id) }
        if has(AMQP_BASIC_HEADERS_FLAG) { read.headers = FieldValue.table(from: properties.headers) }
        return read
    }
}

extension timeval {
    init(_ duration: Duration) {
        let parts = duration.components
        self.init(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
    }
}
