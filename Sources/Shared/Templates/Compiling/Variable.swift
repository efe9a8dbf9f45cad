/// Where a variable lives: its place in the frame of a function, so many functions out.
struct Variable: Sendable {
    let hops: Int
    let place: Int
}
