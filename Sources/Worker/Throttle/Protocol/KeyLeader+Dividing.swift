extension KeyLeader {
    /// Everyone's part of the limit, by place: max-min fair by demand; the slots that do not divide evenly go round,
    /// to those who had none for longest first.
    mutating func divide(_ now: Double) -> [Int] {
        var targets = [Int](repeating: 0, count: holders.count)
        let asking = holders.indices
            .filter { holders[$0].want > 0 && now - holders[$0].acknowledgedAt < 2 * LimitTiming.lease }
            .sorted { (holders[$0].want, $0) < (holders[$1].want, $1) }
        var left = law.limit
        var satisfied = 0
        while satisfied < asking.count {
            let want = holders[asking[satisfied]].want
            guard want <= left / (asking.count - satisfied) else { break }
            targets[asking[satisfied]] = want
            left -= want
            satisfied += 1
        }
        let hungry = asking[satisfied...]
        guard !hungry.isEmpty else {
            spread(left, over: asking, &targets)
            return targets
        }

        let (base, extras) = left.quotientAndRemainder(dividingBy: hungry.count)
        let period = max(1, law.callSeconds)
        let line = hungry.sorted { turn(of: $0, base, period, now) < turn(of: $1, base, period, now) }
        for (number, place) in line.enumerated() {
            if number < extras, !holders[place].hasExtra {
                holders[place].hasExtra = true
                holders[place].turn = now
            } else if number >= extras, holders[place].hasExtra {
                if isTurnOver(place, base, period, now) { holders[place].waits = now }
                holders[place].hasExtra = false
            }
            targets[place] = base + (holders[place].hasExtra ? 1 : 0)
        }
        return targets
    }

    /// Everyone has what it asks for: what is left goes to those who ask, evenly, so that more work finds a share at
    /// once. Nothing moves while nobody outgrows what it has.
    private func spread(_ left: Int, over asking: [Int], _ targets: inout [Int]) {
        guard !asking.isEmpty else { return }
        let shares = asking.map { holders[$0].share }
        if shares.reduce(0, +) <= law.limit, !zip(asking, shares).contains(where: { targets[$0] > $1 }) {
            for (place, share) in zip(asking, shares) { targets[place] = share }
            return
        }
        let (more, extras) = left.quotientAndRemainder(dividingBy: asking.count)
        for (number, place) in asking.enumerated() { targets[place] += more + (number < extras ? 1 : 0) }
    }

    private func isTurnOver(_ place: Int, _ base: Int, _ period: Double, _ now: Double) -> Bool {
        holders[place].share > base && now - holders[place].turn >= period
    }

    /// Whose turn lasts, then who waits longest, then whose turn is over.
    private func turn(of place: Int, _ base: Int, _ period: Double, _ now: Double) -> (Int, Double, String) {
        let holder = holders[place]
        guard holder.hasExtra else { return (1, holder.waits, holder.worker) }
        return isTurnOver(place, base, period, now)
            ? (2, -holder.turn, holder.worker) : (0, holder.turn, holder.worker)
    }
}
