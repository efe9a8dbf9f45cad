/// Why a body is no task that could be answered.
struct UnreadableTask: Error, Hashable {
    let reason: String
}
