import GraftFormats
import GraftGraph
import GraftTensors

extension MaxPooling2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finish("MaxPool", [inputs[0].name], window.poolingAttributes(over: inputs[0].shape))
  }
}

extension AveragePooling2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    // From version 19 on the operator has dilations.
    guard window.dilation == 1 else { throw Inexpressible("version 17 of AveragePool cannot be dilated") }
    var attributes = window.poolingAttributes(over: inputs[0].shape)
    attributes["dilations"] = nil
    attributes["count_include_pad"] = .integer(countsPadding ? 1 : 0)
    builder.finish("AveragePool", [inputs[0].name], attributes)
  }
}

extension GlobalAveragePooling2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishGlobalPooling("GlobalAveragePool", inputs[0].name, keepsDimensions: keepsDimensions)
  }
}

extension GlobalMaxPooling2D: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishGlobalPooling("GlobalMaxPool", inputs[0].name, keepsDimensions: keepsDimensions)
  }
}

extension ONNXBuilder {
  fileprivate mutating func finishGlobalPooling(_ type: String, _ input: String, keepsDimensions: Bool) {
    if keepsDimensions { return finish(type, [input]) }
    finish("Flatten", [add(type, [input])], ["axis": .integer(1)])
  }
}

extension Window2D {
  fileprivate func poolingAttributes(over input: Shape) -> [String: ONNXAttribute] {
    var attributes = convolutionAttributes(over: input)
    attributes["ceil_mode"] = .integer(rounding == .up ? 1 : 0)
    return attributes
  }
}
