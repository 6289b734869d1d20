import GraftFormats
import GraftGraph
import GraftTensors

/// Turns the tensors that were found into parameters, checking every shape.
struct KerasTensorBinder {
  let assignments: KerasAssignments
  let fileName: String
  /// Whether kernels were learnt by Theano, which convolves where all others correlate.
  let isFlipped: Bool

  /// What a `Normalization` of the graph is to be given.
  struct Statistics {
    var mean: [Float] = []
    var variance: [Float] = []
  }

  func bind() throws(ImportError) -> (
    parameters: Parameters, statistics: [String: Statistics], report: LoadReport
  ) {
    var parameters = Parameters()
    var statistics: [String: Statistics] = [:]
    var report = LoadReport()
    report.matching = assignments.matching
    report.unused = assignments.unused
    var theanoKernels = false
    var flipped = false
    for (layer, assignments) in assignments.found {
      for assignment in assignments {
        let layout = try checkedLayout(assignment, layer)
        report.bound.append(.init(parameter: assignment.slot.name, source: assignment.source))
        switch assignment.slot.target {
        case .parameter(let parameter):
          var tensor = layout.graphTensor(assignment.tensor, shape: parameter.shape)
          if isFlipped, layout.isSpatialKernel, parameter.role == .kernel, tensor.shape.rank == 4 {
            tensor = tensor.flipped(axes: [2, 3])
            flipped = true
          }
          theanoKernels = theanoKernels || layout == .theanoConvolution
          parameters[parameter.name] = tensor
        case .mean(let node, _): statistics[node, default: Statistics()].mean = assignment.tensor.floats
        case .variance(let node, _): statistics[node, default: Statistics()].variance = assignment.tensor.floats
        case .ignored: break
        }
      }
    }
    if theanoKernels { report.conversions.append("kernels in Theano's order [out, in, height, width]") }
    if flipped {
      report.conversions.append("kernels flipped in height and width (Theano convolves, Graft correlates)")
    }
    return (parameters, statistics, report)
  }

  /// How the tensor lies: as the configuration has it, or in the other order of kernels where only that fits.
  private func checkedLayout(
    _ assignment: KerasAssignment, _ layer: KerasWeightedLayer
  ) throws(ImportError) -> KerasTensorLayout {
    let (slot, found) = (assignment.slot, assignment.tensor.shape)
    guard let expected = slot.fileShape else { return slot.layout }
    if found == expected {
      guard assignment.tensor.dataType.isFloatingPoint else {
        throw .elementType(file: fileName, tensor: assignment.source, found: assignment.tensor.dataType.rawValue)
      }
      return slot.layout
    }
    if let other = slot.otherLayout, case .parameter(let parameter) = slot.target,
      found == other.fileShape(parameter.shape)
    {
      return other
    }
    throw .shapeMismatch(
      file: fileName, layer: layer.name, tensor: assignment.source, expected: expected, found: found,
      likelyCause: "The weights are probably of another network than the configuration")
  }
}

extension DataType {
  fileprivate var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }
}
