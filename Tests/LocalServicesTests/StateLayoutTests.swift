import Glibc
import Testing

@testable import LocalServices

struct StateLayoutTests {
    private let folder = TemporaryFolder()

    @Test func `the same folder leads to the same place, and the servers' users can reach it`() throws {
        let first = try StateLayout.make(in: "\(folder.path)/state")
        let second = try StateLayout.make(in: "\(folder.path)/../\(folder.path.split(separator: "/").last ?? "")/state")
        #expect(first == second)
        let database = try #require(FileSystem.information(first.database, followingLinks: false))
        #expect(database.st_mode & 0o777 == 0o700)
        #expect(database.st_uid == first.databaseUser?.uid ?? geteuid())
        #expect((first.databaseUser != nil) == (geteuid() == 0))
    }

    @Test func `removing a state directory removes what it leads to`() throws {
        let layout = try StateLayout.make(in: "\(folder.path)/state")
        LocalServices.removeState("\(folder.path)/state")
        #expect(!FileSystem.isDirectory(layout.services))
        #expect(!FileSystem.isDirectory(layout.stateDirectory))
    }

    @Test(arguments: [20, 93, 94, 4000])
    func `a socket's path is never longer than connect takes`(_ length: Int) throws {
        let services = "/" + String(repeating: "x", count: length - "/".count - "/postgres".count)
        let layout = StateLayout(stateDirectory: "/", services: services, databaseUser: nil, brokerUser: nil)
        let directory = try layout.socketDirectory()
        defer { if directory.hasPrefix("/tmp/") { FileSystem.remove(directory) } }
        #expect("\(directory)/.s.PGSQL.5432".utf8.count <= 107)
        #expect(directory.hasPrefix("/tmp/") == (length > 93))
        #expect(try layout.socketDirectory() == directory)
    }

    @Test func `a folder of somebody else is refused with what to do`() throws {
        guard geteuid() == 0 else { return }
        let state = "\(folder.path)/state"
        try FileSystem.makeDirectory("\(state)/services")
        #expect(chown("\(state)/services", 65534, 65534) == 0)
        let error = #expect(throws: LocalServicesError.self) { try StateLayout.make(in: state) }
        #expect(error?.code == .unusableState)
        #expect(error?.message.contains("belongs to user 65534") == true)
    }

    @Test func `the broker's settings are read back as they were written`() {
        let settings = BrokerSettings.fresh()
        #expect(BrokerSettings(settings.text) == settings)
        #expect(Set(settings.ports).count == 3)
        #expect(settings.password.count == 32)
        #expect(BrokerSettings.fresh().password != settings.password)
        #expect(BrokerSettings("port=1\npassword=x\n") == nil)
    }

    @Test func `ports are chosen below those that the kernel gives to clients`() throws {
        let range = try #require(FileSystem.text("/proc/sys/net/ipv4/ip_local_port_range"))
        let lowest = try #require(range.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) })
        for port in LoopbackPort.free(3) { #expect(port < lowest || lowest <= 15_000) }
    }

    @Test func `what is not installed is named, with the line that installs it`() {
        let error = #expect(throws: LocalServicesError.self) { try ServerPrograms.find(databaseVersion: 9) }
        #expect(error?.code == .notInstalled)
        #expect(error?.message.contains("PostgreSQL 9") == true)
        #expect(error?.message.contains("sudo apt-get install") == true)
    }
}
