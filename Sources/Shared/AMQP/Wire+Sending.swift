import CRabbitMQ

extension Wire {
    /// - Throws: `.connectionLost`, `.heartbeatMissed`, `.invalidArgument` (arguments too long for a frame).
    func send(_ method: Method, on channel: UInt16) throws(AMQPError) {
        let status: Int32
        switch method {
        case .connectionClose:
            status = send(channel, AMQP_CONNECTION_CLOSE_METHOD, closeFields(amqp_connection_close_t.init))
        case .connectionCloseOK: status = send(channel, AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t())
        case .channelOpen: status = send(channel, AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t())
        case .channelClose:
            status = send(channel, AMQP_CHANNEL_CLOSE_METHOD, closeFields(amqp_channel_close_t.init))
        case .channelCloseOK: status = send(channel, AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t())
        case .exchangeDeclare(let exchange):
            var fields = amqp_exchange_declare_t()
            fields.exchange = arena.bytes(exchange.name)
            fields.type = arena.bytes(exchange.kind.rawValue)
            fields.durable = flag(exchange.isDurable)
            status = send(channel, AMQP_EXCHANGE_DECLARE_METHOD, fields)
        case .queueDeclare(let queue, let arguments):
            var fields = amqp_queue_declare_t()
            fields.queue = arena.bytes(queue.name)
            fields.durable = flag(queue.isDurable)
            fields.exclusive = flag(queue.isExclusive)
            fields.auto_delete = flag(queue.isAutoDelete)
            fields.arguments = arena.table(arguments)
            status = send(channel, AMQP_QUEUE_DECLARE_METHOD, fields)
        case .queueInspect(let queue):
            var fields = amqp_queue_declare_t()
            fields.queue = arena.bytes(queue)
            fields.passive = 1
            status = send(channel, AMQP_QUEUE_DECLARE_METHOD, fields)
        case .queueDelete(let queue):
            var fields = amqp_queue_delete_t()
            fields.queue = arena.bytes(queue)
            status = send(channel, AMQP_QUEUE_DELETE_METHOD, fields)
        case .queueBind(let binding):
            var fields = amqp_queue_bind_t()
            fields.queue = arena.bytes(binding.queue)
            fields.exchange = arena.bytes(binding.exchange)
            fields.routing_key = arena.bytes(binding.routingKey)
            status = send(channel, AMQP_QUEUE_BIND_METHOD, fields)
        case .confirmSelect: status = send(channel, AMQP_CONFIRM_SELECT_METHOD, amqp_confirm_select_t())
        case .qos(let prefetch):
            var fields = amqp_basic_qos_t()
            fields.prefetch_count = prefetch
            status = send(channel, AMQP_BASIC_QOS_METHOD, fields)
        case .consume(let consumer, let tag):
            var fields = amqp_basic_consume_t()
            fields.queue = arena.bytes(consumer.queue)
            fields.consumer_tag = arena.bytes(tag)
            fields.no_ack = flag(consumer.isNoAck)
            fields.exclusive = flag(consumer.isExclusive)
            fields.arguments = arena.table(consumer.arguments)
            status = send(channel, AMQP_BASIC_CONSUME_METHOD, fields)
        case .cancel(let tag):
            var fields = amqp_basic_cancel_t()
            fields.consumer_tag = arena.bytes(tag)
            status = send(channel, AMQP_BASIC_CANCEL_METHOD, fields)
        case .acknowledge(let number, let multiple): status = amqp_basic_ack(handle, channel, number, flag(multiple))
        case .reject(let number, let requeue): status = amqp_basic_reject(handle, channel, number, flag(requeue))
        }
        arena.reset()
        try check(status, method.operation)
    }

    /// Sends one message as it is; it must have passed ``OutgoingMessage/refusal(frameMaxBytes:maxBodyBytes:)``.
    ///
    /// - Parameter number: travels as message id, so that a basic.return says which message it is about.
    func publish(_ message: OutgoingMessage, number: UInt64, on channel: UInt16) throws(AMQPError) {
        var properties = amqp_basic_properties_t()
        func set(_ flag: Int32) { properties._flags |= amqp_flags_t(flag) }
        set(AMQP_BASIC_DELIVERY_MODE_FLAG)
        let mode = message.isPersistent ? AMQP_DELIVERY_PERSISTENT : AMQP_DELIVERY_NONPERSISTENT
        properties.delivery_mode = UInt8(mode.rawValue)
        if message.isMandatory {
            set(AMQP_BASIC_MESSAGE_ID_FLAG)
            properties.message_id = arena.digits(number)
        }
        if let replyTo = message.replyTo {
            set(AMQP_BASIC_REPLY_TO_FLAG)
            properties.reply_to = arena.bytes(replyTo)
        }
        if let correlationID = message.correlationID {
            set(AMQP_BASIC_CORRELATION_ID_FLAG)
            properties.correlation_id = arena.bytes(correlationID)
        }
        if let expiration = message.expiration {
            set(AMQP_BASIC_EXPIRATION_FLAG)
            properties.expiration = arena.digits(UInt64(max(0, expiration.wholeMilliseconds)))
        }
        if !message.headers.isEmpty {
            set(AMQP_BASIC_HEADERS_FLAG)
            properties.headers = arena.table(message.headers)
        }
        let exchange = arena.bytes(message.exchange)
        let routingKey = arena.bytes(message.routingKey)
        let status = message.body.withUnsafeBytes { body in
            // The library only reads the body, although its struct does not say so.
            let bytes = amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            return amqp_basic_publish(
                handle, channel, exchange, routingKey, flag(message.isMandatory), 0, &properties, bytes)
        }
        arena.reset()
        try check(status, "publish")
    }

    private func send<Fields: BitwiseCopyable>(_ channel: UInt16, _ id: UInt32, _ fields: Fields) -> Int32 {
        var fields = fields
        return amqp_send_method(handle, channel, id, &fields)
    }

    private func closeFields<Fields>(_ make: (UInt16, amqp_bytes_t, UInt16, UInt16) -> Fields) -> Fields {
        make(UInt16(AMQP_REPLY_SUCCESS), arena.bytes("closed by the client"), 0, 0)
    }

    private func flag(_ value: Bool) -> amqp_boolean_t { value ? 1 : 0 }
}
