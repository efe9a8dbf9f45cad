/// Why the simulator does not start, or does not take an option.
package struct SimulatorError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }
        /// The host is unknown, or the port is taken or not allowed.
        package static let cannotListen = Code("cannot_listen")
        /// No such option, or a value it does not take.
        package static let invalidOption = Code("invalid_option")
    }

    package let code: Code
    package let detail: String

    package var description: String { detail }
}
