/// Lambda layers are Python code, and only one is known by heart: that of keras_applications' InceptionResNetV2, which
/// every file of it before 2021 has forty times.
enum KerasLambda {
  static func converter(for layer: KerasLayer) -> KerasConverter? {
    guard let module = layer.options["module"]?.text, module.hasSuffix("inception_resnet_v2"),
      module.hasPrefix("keras"), let arguments = layer.options["arguments"]?.object, Array(arguments.keys) == ["scale"],
      let scale = arguments["scale"]?.float, scale.isFinite
    else { return nil }
    return { call, writer in [try KerasMerging.addScaled(call, scale: scale, &writer)] }
  }
}
