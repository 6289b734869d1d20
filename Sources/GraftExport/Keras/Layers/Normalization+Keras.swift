import GraftGraph
import GraftTensors

extension BatchNormalization: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    try builder.addWeighted(
      "BatchNormalization", inputs[0], shape: inputs[0].shape,
      [
        "axis": -1, "momentum": .number(momentum), "epsilon": .number(epsilon), "scale": .flag(usesScale),
        "center": .flag(usesShift),
      ], weights: builder.weights([.gamma, .beta, .movingMean, .movingVariance]))
  }
}

extension UnitNormalization: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add("UnitNormalization", inputs, shape: inputs[0].shape, ["axis": -1])
  }
}

extension Rescaling: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.rescaled(inputs[0], by: scale, plus: offset, suffix: nil)
  }
}

extension Normalization: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add(
      "Normalization", inputs, shape: inputs[0].shape,
      ["axis": [-1], "mean": .numbers(mean), "variance": .numbers(variance)])
  }
}

extension Dropout: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add("Dropout", inputs, shape: inputs[0].shape, ["rate": .number(rate)])
  }
}

extension SpatialDropout2D: KerasExportable {
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    builder.add("SpatialDropout2D", inputs, shape: inputs[0].shape, ["rate": .number(rate)])
  }
}
