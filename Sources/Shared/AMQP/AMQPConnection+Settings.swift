extension AMQPConnection {
    package struct Settings: Sendable {
        /// Each side sends something at least that often (whole seconds, 1 at least); a peer that is silent for two is
        /// given up.
        package var heartbeat: Duration
        /// For the way to the broker, TLS included, and again for the login.
        package var connectTimeout: Duration
        /// For a connection to come about where a call needs one, and for the broker's answer to it.
        package var callTimeout: Duration
        /// For the confirm of a message while the broker is not blocked. A queue without a leader never confirms: then
        /// the connection is given up, and what is unconfirmed is `lost`.
        package var confirmTimeout: Duration
        /// For outstanding confirms when the connection is closed.
        package var closeTimeout: Duration
        /// From the first wait between two attempts to the longest: with a broker that was started again after some
        /// seconds everything waits for the last of its clients.
        package var reconnectDelay: ClosedRange<Duration>
        package var frameMaxBytes: Int
        /// A longer body is returned (311) and not sent: the broker would close the channel for it.
        package var bodyMaxBytes: Int
        /// Certificates to trust instead of the system's, in PEM; the URL's `cacertfile` comes first.
        package var certificateAuthorityFile: String?

        package init(
            heartbeat: Duration = .seconds(3), connectTimeout: Duration = .seconds(5),
            callTimeout: Duration = .seconds(10), confirmTimeout: Duration = .seconds(60),
            closeTimeout: Duration = .seconds(5),
            reconnectDelay: ClosedRange<Duration> = .milliseconds(100) ... .seconds(1),
            frameMaxBytes: Int = 131_072, bodyMaxBytes: Int = 16 << 20, certificateAuthorityFile: String? = nil
        ) {
            self.heartbeat = heartbeat
            self.connectTimeout = connectTimeout
            self.callTimeout = callTimeout
            self.confirmTimeout = confirmTimeout
            self.closeTimeout = closeTimeout
            self.reconnectDelay = reconnectDelay
            self.frameMaxBytes = frameMaxBytes
            self.bodyMaxBytes = bodyMaxBytes
            self.certificateAuthorityFile = certificateAuthorityFile
        }

        package static let `default` = Settings()
    }
}
