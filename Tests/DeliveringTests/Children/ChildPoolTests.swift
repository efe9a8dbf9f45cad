import Testing

@testable import Delivering

struct ChildPoolTests {
    private let now = ContinuousClock.now

    private static func cells(_ range: Range<UInt64>) -> [CellID] { range.map { CellID(serial: $0) } }
    private static let first = ChildID(serial: 1)

    @Test func `cells under suspicion share one child, and are sent once it is ready`() {
        var pool = ChildPool()
        for cell in Self.cells(0..<70) { pool.put(cell, alone: false, bytes: 0, callTime: .seconds(60)) }
        #expect(pool.round(now) == [.start(Self.first)])
        #expect(pool.round(now).isEmpty)
        pool.ready(Self.first, at: now)
        #expect(pool.round(now) == Self.cells(0..<70).map { .send($0, to: Self.first) })
        pool.put(CellID(serial: 70), alone: false, bytes: 0, callTime: .seconds(60))
        #expect(pool.round(now) == [.send(CellID(serial: 70), to: Self.first)])
    }

    @Test func `a child that dies takes those with it that were in it`() {
        var pool = ChildPool()
        for cell in Self.cells(0..<3) { pool.put(cell, alone: false, bytes: 0, callTime: .seconds(60)) }
        _ = pool.round(now)
        pool.ready(Self.first, at: now)
        _ = pool.round(now)
        pool.answered(CellID(serial: 1), at: now)
        #expect(pool.ended(Self.first, at: now).dead == [CellID(serial: 0), CellID(serial: 2)])
        pool.put(CellID(serial: 3), alone: false, bytes: 0, callTime: .seconds(60))
        #expect(pool.round(now) == [.start(ChildID(serial: 2))])
    }

    @Test func `cells that must be alone have 16 children at most, each one cell, one after the other`() {
        var pool = ChildPool()
        for cell in Self.cells(0..<20) { pool.put(cell, alone: true, bytes: 0, callTime: .seconds(60)) }
        let children = (1...16).map { ChildID(serial: $0) }
        #expect(pool.round(now) == children.map { .start($0) })
        for child in children { pool.ready(child, at: now) }
        #expect(pool.round(now) == zip(Self.cells(0..<16), children).map { .send($0, to: $1) })
        #expect(pool.round(now).isEmpty)
        pool.answered(CellID(serial: 5), at: now)
        #expect(pool.round(now) == [.send(CellID(serial: 16), to: ChildID(serial: 6))])
        #expect(pool.ended(ChildID(serial: 1), at: now).dead == [CellID(serial: 0)])
        #expect(pool.round(now) == [.start(ChildID(serial: 17))])
    }

    @Test func `a child that cannot start is no cell's fault`() {
        var pool = ChildPool()
        pool.put(CellID(serial: 0), alone: true, bytes: 0, callTime: .seconds(60))
        var at = now
        for serial in 1...2 {
            #expect(pool.round(at) == [.start(ChildID(serial: serial))])
            #expect(pool.ended(ChildID(serial: serial), at: at) == ChildPool.Loss())
            #expect(pool.round(at).isEmpty, "it was started again without a pause")
            at += .seconds(1)
        }
        #expect(pool.round(at) == [.start(ChildID(serial: 3))])
        #expect(pool.ended(ChildID(serial: 3), at: at) == ChildPool.Loss(unplaced: [CellID(serial: 0)]))
    }

    @Test func `a child that is stuck is ended, which counts as its death`() {
        var pool = ChildPool()
        pool.put(CellID(serial: 0), alone: true, bytes: 0, callTime: .seconds(60))
        _ = pool.round(now)
        pool.ready(Self.first, at: now)
        _ = pool.round(now)
        #expect(pool.round(now + .seconds(89)).isEmpty)
        #expect(pool.round(now + .seconds(90)) == [.end(Self.first)])
        #expect(pool.round(now + .seconds(91)).isEmpty)
        #expect(pool.ended(Self.first, at: now + .seconds(91)).dead == [CellID(serial: 0)])
    }

    @Test func `a child without work ends, and so does one that does not get ready`() {
        var pool = ChildPool()
        pool.put(CellID(serial: 0), alone: false, bytes: 0, callTime: .seconds(60))
        _ = pool.round(now)
        #expect(pool.round(now + .seconds(30)) == [.end(Self.first), .start(ChildID(serial: 2))])
        #expect(pool.ended(Self.first, at: now + .seconds(30)) == ChildPool.Loss())
        let later = now + .seconds(31)
        pool.ready(ChildID(serial: 2), at: later)
        _ = pool.round(later)
        pool.answered(CellID(serial: 0), at: later)
        #expect(pool.round(later + .seconds(29)).isEmpty)
        #expect(pool.round(later + .seconds(30)) == [.end(ChildID(serial: 2))])
    }

    @Test func `a cell that waits for a child can be withdrawn, one in a child cannot`() {
        var pool = ChildPool()
        pool.put(CellID(serial: 0), alone: false, bytes: 0, callTime: .seconds(60))
        pool.put(CellID(serial: 1), alone: false, bytes: 0, callTime: .seconds(60))
        _ = pool.round(now)
        let wasWaiting = pool.withdraw(CellID(serial: 0))
        #expect(wasWaiting)
        pool.ready(Self.first, at: now)
        #expect(pool.round(now) == [.send(CellID(serial: 1), to: Self.first)])
        let waits = pool.withdraw(CellID(serial: 1))
        #expect(!waits && pool.home(of: CellID(serial: 1)) == Self.first)
    }

    private static let bound = ChildPool.mostSharedBytes

    @Test func `what does not fit the shared child together waits until others are answered, in its turn`() {
        var pool = ChildPool()
        let cells = Self.cells(0..<4)
        for (cell, bytes) in zip(cells, [Self.bound / 2, Self.bound / 2, 1, 0]) {
            pool.put(cell, alone: false, bytes: bytes, callTime: .seconds(60))
        }
        _ = pool.round(now)
        pool.ready(Self.first, at: now)
        #expect(pool.round(now) == [.send(cells[0], to: Self.first), .send(cells[1], to: Self.first)])
        #expect(pool.round(now).isEmpty)
        pool.answered(cells[1], at: now)
        #expect(pool.round(now) == [.send(cells[2], to: Self.first), .send(cells[3], to: Self.first)])
        pool.put(CellID(serial: 4), alone: false, bytes: Self.bound / 2, callTime: .seconds(60))
        #expect(pool.round(now).isEmpty, "what is in it still counts")
    }

    @Test func `a cell that alone is more than the shared child takes goes when it is empty, and keeps others out`() {
        var pool = ChildPool()
        let cells = Self.cells(0..<3)
        for (cell, bytes) in zip(cells, [1, 2 * Self.bound, 1]) {
            pool.put(cell, alone: false, bytes: bytes, callTime: .seconds(60))
        }
        _ = pool.round(now)
        pool.ready(Self.first, at: now)
        #expect(pool.round(now) == [.send(cells[0], to: Self.first)])
        pool.answered(cells[0], at: now)
        #expect(pool.round(now) == [.send(cells[1], to: Self.first)])
        pool.answered(cells[1], at: now)
        #expect(pool.round(now) == [.send(cells[2], to: Self.first)])
    }

    @Test func `what waits for room in a child is not among its dead, and goes to the next child`() {
        var pool = ChildPool()
        let cells = Self.cells(0..<2)
        for cell in cells { pool.put(cell, alone: false, bytes: Self.bound, callTime: .seconds(60)) }
        _ = pool.round(now)
        pool.ready(Self.first, at: now)
        _ = pool.round(now)
        #expect(pool.ended(Self.first, at: now) == ChildPool.Loss(dead: [cells[0]]))
        #expect(pool.round(now) == [.start(ChildID(serial: 2))])
        pool.ready(ChildID(serial: 2), at: now)
        #expect(pool.round(now) == [.send(cells[1], to: ChildID(serial: 2))])
    }
}
