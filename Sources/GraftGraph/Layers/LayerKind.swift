/// The kinds of layers that a saved graph may name.
enum LayerKind {
  static let all: [any Layer.Type] = [
    Activation.self, Add.self, Average.self, AveragePooling2D.self, BatchNormalization.self, ChannelPadding.self,
    Concatenate.self, Constant.self, Conv2D.self, Cropping2D.self, Dense.self, DepthwiseConv2D.self, Divide.self,
    Dropout.self, Flatten.self,
    GlobalAveragePooling2D.self, GlobalMaxPooling2D.self, InputLayer.self, LocalResponseNormalization.self,
    MaxPooling2D.self, Maximum.self, Minimum.self, Multiply.self, Normalization.self, PReLU.self, Pad.self,
    Permute.self,
    Reduction.self, Rescaling.self, Reshape.self, Resize.self, SeparableConv2D.self, Slice.self, SpatialDropout2D.self,
    StridedSlice2D.self, Subtract.self,
    UnitDense.self, UnitNormalization.self, UpSampling2D.self, ZeroPadding2D.self,
  ]

  static func named(_ kind: String) -> (any Layer.Type)? {
    all.first { $0.kind == kind }
  }
}
