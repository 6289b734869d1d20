import Foundation
import GraftGraph
import GraftImages
import GraftLearning
import GraftTensors

/// What losses compare a model's heads with: from samples' targets to numbers, head by head.
struct TaskTargets: Sendable {
  let tasks: [PredictionTask]
  /// The columns of each head in what `LayerGraph.logits(for:)` puts out.
  let columns: [Range<Int>]
  /// For each task, what turns its values into what the network learns; nil for values as they are.
  private let scalings: [Normalization?]

  init(_ model: TrainedModel) {
    tasks = model.tasks
    var start = 0
    columns = model.tasks.map { task in
      defer { start += task.names.count }
      return start..<start + task.names.count
    }
    scalings = model.graph.outputs.map { model.graph[$0]?.layer as? Normalization }
  }

  /// What is right for each head.
  ///
  /// - Precondition: each sample has a target of the right kind for every task (`contradiction(in:)`).
  func targets(of samples: [Sample]) -> [Targets] {
    tasks.indices.map { index in
      let width = tasks[index].names.count
      switch tasks[index] {
      case .classification:
        return .classes(samples.map { if case .oneClass(let label) = $0.targets[index] { label } else { 0 } })
      case .multiLabel:
        var rows = [Float](repeating: 0, count: samples.count * width)
        for (row, sample) in samples.enumerated() {
          guard case .labels(let labels) = sample.targets[index] else { continue }
          for label in labels { rows[row * width + label] = 1 }
        }
        return .labels(Tensor(rows, shape: [samples.count, width]))
      case .regression:
        let rows = samples.flatMap { sample -> [Float] in
          guard case .values(let values) = sample.targets[index] else { return [] }
          return scaled(values, index)
        }
        return .values(Tensor(rows, shape: [samples.count, width]))
      }
    }
  }

  /// How much each sample counts; nil where all count the same.
  func weights(of samples: [Sample]) -> [Float]? {
    samples.contains { $0.weight != 1 } ? samples.map(\.weight) : nil
  }

  /// The way back from what the last layer's scaling makes of numbers.
  private func scaled(_ values: [Float], _ index: Int) -> [Float] {
    guard let scaling = scalings[index] else { return values }
    return values.indices.map { values[$0] * scaling.variance[$0].squareRoot() + scaling.mean[$0] }
  }

  /// Why a sample cannot be learnt from; nil where it can.
  func contradiction(in sample: Sample) -> String? {
    guard sample.targets.count == tasks.count else {
      return sample.targets.isEmpty
        ? "nothing is known of it" : "it has \(sample.targets.count) targets for \(tasks.count) tasks"
    }
    for (target, task) in zip(sample.targets, tasks) {
      switch (target, task) {
      case (.oneClass(let label), .classification(let classes)) where classes.indices.contains(label): continue
      case (.labels(let labels), .multiLabel(let names)) where labels.allSatisfy(names.indices.contains): continue
      case (.values(let values), .regression(let names))
      where values.count == names.count && values.allSatisfy(\.isFinite):
        continue
      default: return "\(target.words) is none of the \(task.names.count) \(task.noun) that the model tells"
      }
    }
    return nil
  }
}

extension PredictionTask {
  /// What its names are of, in messages.
  var noun: String {
    switch self {
    case .classification: "classes"
    case .multiLabel: "labels"
    case .regression: "values"
    }
  }
}

extension TaskTargets {
  /// What the heads tell, out of what precedes their last layers.
  ///
  /// - Parameter outputs: image by image, all heads side by side.
  func predictions(outputs: [Float], of samples: [Sample]) -> [Prediction] {
    guard let width = columns.last?.upperBound, outputs.count == width * samples.count else { return [] }
    return samples.indices.map { row in
      let told = tasks.indices.map { index in
        let range = columns[index]
        return ended(
          Array(outputs[row * width + range.lowerBound..<row * width + range.upperBound]), index)
      }
      return Prediction(sample: samples[row], tasks: tasks, outputs: told)
    }
  }

  /// A head's last layer: softmax, sigmoid, or the scaling to the values' units.
  private func ended(_ row: [Float], _ index: Int) -> [Float] {
    switch tasks[index] {
    case .classification:
      let greatest = Double(row.max() ?? 0)
      let exponentials = row.map { exp(Double($0) - greatest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { Float($0 / sum) }
    case .multiLabel: return row.map { Float(1 / (1 + exp(-Double($0)))) }
    case .regression:
      guard let scaling = scalings[index] else { return row }
      return row.indices.map { (row[$0] - scaling.mean[$0]) / scaling.variance[$0].squareRoot() }
    }
  }
}

extension Target {
  fileprivate var words: String {
    switch self {
    case .oneClass(let label): "the class \(label)"
    case .labels(let labels): "one of the labels \(labels.sorted().map(String.init).joined(separator: ", "))"
    case .values(let values): "one of the values \(values)"
    }
  }
}
