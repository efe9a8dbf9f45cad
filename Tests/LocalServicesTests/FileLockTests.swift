import Glibc
import Testing

@testable import LocalServices

struct FileLockTests {
    private let folder = TemporaryFolder()

    @Test func `a second holder is refused and told who the first is; afterwards it is free`() throws {
        var first: FileLock? = try FileLock.run(in: "\(folder.path)/state")
        let error = #expect(throws: LocalServicesError.self) { try FileLock.run(in: "\(folder.path)/state") }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("process \(getpid())") == true)
        #expect(first != nil)
        first = nil
        _ = try FileLock.run(in: "\(folder.path)/state")
    }
}
