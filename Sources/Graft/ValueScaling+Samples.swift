import GraftGraph
import GraftImages
import GraftTraining

extension ValueScaling {
  /// Mean and standard deviation of a task's values among images; nil for other tasks. A value that never changes has a deviation of 1.
  init?(of task: PredictionTask, at index: Int, in samples: [Sample]) {
    guard case .regression(let names) = task else { return nil }
    let rows = samples.compactMap { sample -> [Float]? in
      if case .values(let values) = sample.targets[index] { values } else { nil }
    }
    guard !rows.isEmpty else { return nil }
    let columns = names.indices.map { column in rows.map { Double($0[column]) } }
    let means = columns.map { $0.reduce(0, +) / Double(rows.count) }
    let deviations = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows.count)).squareRoot()
    }
    self.init(mean: means.map { Float($0) }, deviation: deviations.map { $0 > 0 ? Float($0) : 1 })
  }
}
