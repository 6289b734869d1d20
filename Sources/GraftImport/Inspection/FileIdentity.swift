import GraftFormats
import GraftTensors

/// What a file says of itself, in any of the formats.
struct FileIdentity {
  var format: String
  var producer: String?
  var version: String?
  var entries: [NetworkFile.Entry]

  init(_ contents: FileContents) {
    switch contents {
    case .hdf5(let tree): self.init(tree)
    case .kerasArchive(let file): self.init(archive: file)
    case .onnx(let model): self.init(model)
    case .torch(let checkpoint): self.init(checkpoint)
    case .safetensors(let file): self.init(file)
    }
  }

  private init(_ file: SafetensorsFile) {
    format = "safetensors"
    producer = file.metadata["format"].map { $0 == "pt" ? "PyTorch" : $0 }
    entries = file.tensors.map { .init($0.name, $0.tensor) }
  }

  private init(_ model: ONNXModel) {
    format = "ONNX"
    producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    let sets = model.operatorSets.sorted { $0.key < $1.key }.map { name, version in
      "opset \(version)" + (name.isEmpty ? "" : " of \(name)")
    }
    version = (sets + ["IR version \(model.irVersion)"]).joined(separator: ", ")
    entries = model.graph.initializers.map { .init($0.name, $0.tensor) }
  }

  private init(_ checkpoint: TorchCheckpoint) {
    format = checkpoint.container == .archive ? "PyTorch (ZIP archive)" : "PyTorch (before version 1.6)"
    producer = checkpoint.moduleClass
    entries =
      checkpoint.tensors.map { .init($0.name, $0.tensor) }
      + checkpoint.unreadable.map { .init(name: $0.name, type: $0.reason, shape: []) }
  }

  private init(archive file: KerasModelFile) {
    format = "Keras 3 model (.keras)"
    producer = file.producer
    entries = file.weights.tensors.map { .init($0.name, $0.tensor) }
  }

  private init(_ tree: HDF5Tree) {
    entries = tree.dataSets.map { .init(name: $0.path, type: $0.type ?? "", shape: $0.shape ?? []) }
    guard let file = try? KerasModelFile(tree) else {
      format = "HDF5, not of Keras"
      return
    }
    format =
      switch (file.configuration, file.weights) {
      case (nil, .layers): "Keras weights (HDF5)"
      case (nil, .variables): "Keras 3 weights (HDF5)"
      case (_?, _): "Keras model (HDF5)"
      }
    producer = file.producer
  }
}

extension NetworkFile.Entry {
  init(_ name: String, _ tensor: Tensor) {
    self.init(name: name, type: tensor.dataType.rawValue, shape: tensor.shape)
  }
}

extension KerasModelFile {
  /// `Keras 2.4.0 on tensorflow`; nil where the file says neither.
  fileprivate var producer: String? {
    guard kerasVersion != nil || backend != nil else { return nil }
    return "Keras" + (kerasVersion.map { " \($0)" } ?? "") + (backend.map { " on \($0)" } ?? "")
  }
}

extension KerasModelFile.Weights {
  /// By the names of layers and weights, or by path.
  var tensors: [(name: String, tensor: Tensor)] {
    switch self {
    case .layers(let layers):
      layers.flatMap { layer in layer.weights.map { ("\(layer.name)/\($0.name)", $0.tensor) } }
    case .variables(let variables):
      variables.tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }
}
