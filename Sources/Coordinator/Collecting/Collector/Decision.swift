import Scheduling
import Store

/// What one turn decided, to be carried out in this order: committed, announced, acknowledged and published.
struct Decision: Sendable {
    /// What all processes are told.
    enum Announcement: Sendable, Equatable {
        /// The job takes no further calls; `abort`: those under way are given up.
        case stopped(JobID, abort: Bool)
        /// It goes on.
        case resumed(JobID)
    }

    var writes = TurnWrites()
    var sends: [Sent] = []
    var announcements: [Announcement] = []
    /// Row groups that could be admitted if their rows of the seed data were here, or soon can.
    var wantedSeedRows: [JobGroup] = []
    /// Row groups that were opened again and may be taken in hand now, when they are read (`restore`).
    var wantedGroups: [JobGroup] = []
}
