/// Exchanges, queues and bindings that shall exist.
package struct Topology: Hashable, Sendable {
    package var exchanges: [Exchange]
    package var queues: [Queue]
    package var bindings: [Binding]

    package init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }

    /// One thing to declare.
    enum Item: Hashable, Sendable {
        case exchange(Exchange)
        case queue(Queue)
        case binding(Binding)
    }

    /// In the order in which they can be declared.
    var items: [Item] {
        exchanges.map(Item.exchange) + queues.map(Item.queue) + bindings.map(Item.binding)
    }

    /// Adds what is new; of two with one name the later stays.
    mutating func merge(_ other: Topology) {
        for item in other.items { insert(item) }
    }

    mutating func insert(_ item: Item) {
        switch item {
        case .exchange(let exchange):
            if let index = exchanges.firstIndex(where: { $0.name == exchange.name }) {
                exchanges[index] = exchange
            } else {
                exchanges.append(exchange)
            }
        case .queue(let queue):
            if let index = queues.firstIndex(where: { $0.name == queue.name }) {
                queues[index] = queue
            } else {
                queues.append(queue)
            }
        case .binding(let binding):
            if !bindings.contains(binding) { bindings.append(binding) }
        }
    }

    mutating func remove(_ item: Item) {
        switch item {
        case .exchange(let exchange): exchanges.removeAll { $0 == exchange }
        case .queue(let queue): queues.removeAll { $0 == queue }
        case .binding(let binding): bindings.removeAll { $0 == binding }
        }
    }

    /// Takes a queue out, with its bindings.
    mutating func remove(queue name: String) {
        queues.removeAll { $0.name == name }
        bindings.removeAll { $0.queue == name }
    }

    func contains(_ item: Item) -> Bool {
        switch item {
        case .exchange(let exchange): exchanges.contains(exchange)
        case .queue(let queue): queues.contains(queue)
        case .binding(let binding): bindings.contains(binding)
        }
    }

    /// A queue, its bindings, and the exchanges they name.
    func part(of queue: String) -> Topology {
        let bindings = bindings.filter { $0.queue == queue }
        let exchanges = exchanges.filter { exchange in bindings.contains { $0.exchange == exchange.name } }
        return Topology(exchanges: exchanges, queues: queues.filter { $0.name == queue }, bindings: bindings)
    }
}

extension Topology.Item: CustomStringConvertible {
    var description: String {
        switch self {
        case .exchange(let exchange): "exchange \(exchange.name)"
        case .queue(let queue): "queue \(queue.name)"
        case .binding(let binding): "binding of queue \(binding.queue) to exchange \(binding.exchange)"
        }
    }
}
