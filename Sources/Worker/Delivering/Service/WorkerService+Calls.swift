import Generation
import HTTP
import Inference
import Messages

extension WorkerService {
    /// Makes a cell's next call, here or in a child process.
    func start(_ call: CellCall) {
        guard call.place == .worker else { return startInChild(call) }
        cellCalls?.start(call) { result in
            self.machine.callEnded(call.cell, result, at: .now)
            self.actSoon()
        }
    }

    func cancel(_ cell: CellID) {
        if let batch = batchOf[cell] { return cancel(cell, of: batch) }
        if !cancelInChild(cell) { cellCalls?.cancel(cell) }
    }

    /// Asks an endpoint how many calls wait there.
    func readQueue(_ key: String, _ route: Route, _ place: Int) {
        guard let endpoint = providers[route.provider]?.endpoint, let gauge = endpoint.queueGauge, let http else {
            return
        }
        http.start(gauge.request(place, of: endpoint)) { result in
            let waiting = (try? result.get()).flatMap { gauge.waiting(in: $0, model: route.model) }
            self.machine.queueRead(key, waiting: waiting, places: gauge.places, at: .now)
            self.actSoon()
        }
    }
}
