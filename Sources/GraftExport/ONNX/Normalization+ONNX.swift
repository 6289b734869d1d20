import GraftFormats
import GraftGraph
import GraftTensors

extension BatchNormalization: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let channels = inputs[0].shape[0]
    builder.finish(
      "BatchNormalization",
      [
        inputs[0].name, try builder.parameter(.gamma, orAll: 1, count: channels),
        try builder.parameter(.beta, orAll: 0, count: channels), try builder.parameter(.movingMean),
        try builder.parameter(.movingVariance),
      ], ["epsilon": .float(epsilon), "momentum": .float(momentum)])
  }
}

extension LocalResponseNormalization: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish(
      "LRN", [inputs[0].name],
      ["size": .integer(size), "alpha": .float(alpha), "beta": .float(beta), "bias": .float(bias)])
  }
}

extension UnitNormalization: ONNXExportable {
  /// LpNormalization, whose words leave open what a length of zero gives; runtimes give zeros, as the layer does.
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("LpNormalization", [inputs[0].name], ["axis": .integer(1), "p": .integer(2)])
  }
}

extension Rescaling: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let scaled = builder.add("Mul", [inputs[0].name, builder.constant(scale)])
    builder.finish("Add", [scaled, builder.constant(offset)])
  }
}

extension Normalization: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let perChannel = Shape([mean.count] + [Int](repeating: 1, count: inputs[0].shape.rank - 1))
    let centred = builder.add("Sub", [inputs[0].name, builder.numbers(mean, shape: perChannel)])
    // As the layer has it: a deviation below 1e-7 counts as 1e-7.
    let deviations = variance.map { max($0.squareRoot(), 1e-7) }
    builder.finish("Div", [centred, builder.numbers(deviations, shape: perChannel)])
  }
}

extension Dropout: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("Dropout", [inputs[0].name, builder.constant(rate)])
  }
}

extension SpatialDropout2D: ONNXExportable {
  /// ONNX has no dropout of whole channels; where nothing is trained it is none.
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("Identity", [inputs[0].name])
  }
}

extension Preprocessing {
  /// From red, green and blue 0…255 to what the network takes, which the layer at work stands for.
  func export(_ pixels: String, to builder: inout ONNXBuilder) {
    var values = pixels
    switch channelOrder {
    case .rgb: break
    case .bgr: values = builder.add("Gather", [values, builder.integers([2, 1, 0])], ["axis": .integer(1)])
    case .gray:
      let shares = builder.numbers([0.299, 0.587, 0.114], shape: [1, 3, 1, 1])
      values = builder.add("Conv", [values, shares])
    }
    let perChannel = Shape([mean.count, 1, 1])
    let scaled = builder.add("Mul", [values, builder.constant(scale)])
    let centred = builder.add("Sub", [scaled, builder.numbers(mean, shape: perChannel)])
    builder.finish("Div", [centred, builder.numbers(standardDeviation, shape: perChannel)])
  }
}
