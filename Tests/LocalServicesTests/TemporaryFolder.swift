import Glibc

@testable import LocalServices

/// A folder of one test, removed with what the servers keep elsewhere when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/tessera-test-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        LocalServices.removeState("\(path)/state")
        FileSystem.remove(path)
    }
}
