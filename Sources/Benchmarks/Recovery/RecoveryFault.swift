/// What strikes in the middle of a steady job.
enum RecoveryFault: String, CaseIterable {
    case nothing
    case worker
    case coordinator
    case broker
    case database
    case poison

    var title: String {
        switch self {
        case .nothing: "nothing (what the measurement itself is worth)"
        case .worker: "SIGKILL of one worker of four"
        case .coordinator: "SIGKILL of the owning coordinator, another standing by"
        case .broker: "SIGKILL of the broker, started again at once"
        case .database: "SIGKILL of the database, started again at once"
        case .poison: "a cell that kills whatever process calls for it"
        }
    }
}
