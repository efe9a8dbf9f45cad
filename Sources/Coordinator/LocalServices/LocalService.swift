/// One of the two private servers.
package enum LocalService: String, Sendable, CaseIterable {
    case database
    case broker
}

/// A private server that ended without having been asked to.
package struct ServiceExit: Sendable, Equatable {
    package let service: LocalService
    package let status: ExitStatus
}
