/// The kinds of layers that a saved graph may name.
enum LayerKind {
  static let all: [any Layer.Type] = [
    Activation.self, AveragePooling2D.self, BatchNormalization.self, Concatenate.self, Conv2D.self, Dense.self,
    Dropout.self, Flatten.self,
    GlobalAveragePooling2D.self, GlobalMaxPooling2D.self, InputLayer.self, MaxPooling2D.self, PReLU.self,
    ZeroPadding2D.self,
  ]

  static func named(_ kind: String) -> (any Layer.Type)? {
    all.first { $0.kind == kind }
  }
}
