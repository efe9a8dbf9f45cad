import Generation
import HTTP
import Inference
import Messages

extension WorkerService {
    /// Makes a cell's next call, here or in a child process.
    func start(_ call: CellCall) {
        let names = fileNames(call)
        guard files.want(names, for: call.cell) else {
            parked[call.cell] = call
            return
        }
        var call = call
        call.files = files.contents(of: names)
        guard call.place == .worker else { return startInChild(call) }
        let cell = call.cell
        cellCalls?.start(call) { result in
            self.ended(cell, result)
        }
    }

    func cancel(_ cell: CellID) {
        if cancelFiles(of: cell) { return }
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
