import ArgumentParser
import Logging
import Postgres
import Settings
import Store

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to date; safe to repeat.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.load()
        let ran = try await DatabaseMigration.run(settings)
        for migration in ran { Talk.line("migrated: \(migration.number) \(migration.name)") }
        if ran.isEmpty { Talk.line("the schema is up to date") }
    }
}

enum DatabaseMigration {
    /// Migrates with the configured number of partitions.
    static func run(_ settings: Settings, partitions: Int? = nil) async throws -> [Migration] {
        let connection = PostgresConnection(
            url: try ClientDatabase.url(settings), applicationName: "tessera migrate", logger: Logger(label: "migrate"))
        do throws(PostgresError) {
            try await connection.connect()
            let ran = try await Migrator(connection: connection).migrate(partitions: partitions ?? settings.partitions)
            await connection.close()
            return ran
        } catch {
            await connection.close()
            throw CommandFailure(
                error.code == .statementFailed ? .other : .unreachable, "the database cannot be migrated: \(error)")
        }
    }
}
