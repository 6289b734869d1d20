import GraftGraph
import GraftTensors

extension GoldenCase {
  /// The layer that the options describe.
  func layer() throws -> any Layer {
    switch family {
    case "Conv2D", "DepthwiseConv2D", "SeparableConv2D": return convolution
    case "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D": return pooling
    case "BatchNormalization", "BatchNormalizationSteps", "LocalResponseNormalization", "Rescaling", "Normalization":
      return normalization
    case "Arithmetic": return try arithmetic
    case "Dense":
      return Dense(
        "layer", units: options.units ?? 0, usesBias: options.bias ?? true, activation: options.function)
    case "Concatenate": return Concatenate("layer")
    case "Activation": return Activation("layer", options.function)
    case "PReLU": return PReLU("layer", sharedAxes: options.sharedAxes ?? [])
    case "Flatten": return Flatten("layer", order: options.order)
    case "Reshape": return Reshape("layer", shape: options.shape ?? [], order: options.order)
    case "Permute": return Permute("layer", axes: options.axes ?? [])
    case "StridedSlice2D": return StridedSlice2D("layer", strides: Size2D(options.strides))
    case "UpSampling2D":
      return UpSampling2D(
        "layer", factors: Size2D(options.factors), interpolation: options.interpolation ?? .nearest)
    case "ChannelPadding":
      return ChannelPadding("layer", before: options.pads?[0] ?? 0, after: options.pads?[1] ?? 0)
    case "ZeroPadding2D":
      let pads = options.pads ?? []
      return ZeroPadding2D("layer", top: pads[0], bottom: pads[1], left: pads[2], right: pads[3])
    case "Cropping2D":
      let pads = options.pads ?? []
      return Cropping2D("layer", top: pads[0], bottom: pads[1], left: pads[2], right: pads[3])
    default: throw GoldenError.missing(family)
    }
  }

  private var convolution: any Layer {
    switch family {
    case "DepthwiseConv2D":
      DepthwiseConv2D(
        "layer", kernel: Size2D(options.kernel), strides: Size2D(options.strides), padding: options.windowPadding,
        dilation: Size2D(options.dilation), multiplier: options.multiplier ?? 1, usesBias: options.bias ?? true,
        activation: options.function)
    case "SeparableConv2D":
      SeparableConv2D(
        "layer", filters: options.filters ?? 0, kernel: Size2D(options.kernel), strides: Size2D(options.strides),
        padding: options.windowPadding, dilation: Size2D(options.dilation), multiplier: options.multiplier ?? 1,
        usesBias: options.bias ?? true, activation: options.function)
    default:
      Conv2D(
        "layer", filters: options.filters ?? 0, kernel: Size2D(options.kernel), strides: Size2D(options.strides),
        padding: options.windowPadding, dilation: Size2D(options.dilation), groups: options.groups ?? 1,
        usesBias: options.bias ?? true, activation: options.function)
    }
  }

  private var pooling: any Layer {
    switch family {
    case "MaxPooling2D":
      MaxPooling2D(
        "layer", size: Size2D(options.pool), strides: Size2D(options.strides), padding: options.windowPadding,
        rounding: options.rounding ?? .down)
    case "AveragePooling2D":
      AveragePooling2D(
        "layer", size: Size2D(options.pool), strides: Size2D(options.strides), padding: options.windowPadding,
        rounding: options.rounding ?? .down, countsPadding: options.countsPadding ?? false)
    case "GlobalAveragePooling2D": GlobalAveragePooling2D("layer")
    default: GlobalMaxPooling2D("layer")
    }
  }

  private var normalization: any Layer {
    switch family {
    case "LocalResponseNormalization":
      LocalResponseNormalization(
        "layer", size: options.size ?? 0, alpha: options.lrnAlpha ?? 0, beta: options.beta ?? 0,
        bias: options.lrnBias ?? 0)
    case "Rescaling": Rescaling("layer", scale: options.factor ?? 0, offset: options.offset ?? 0)
    case "Normalization":
      Normalization("layer", mean: options.means ?? [], variance: options.variances ?? [])
    default:
      BatchNormalization(
        "layer", epsilon: options.epsilon ?? 0, momentum: options.momentum ?? 0, usesScale: options.scale ?? true,
        usesShift: options.center ?? true, movingVariance: options.movingVariance ?? .biased)
    }
  }

  private var arithmetic: any Layer {
    get throws {
      switch options.operation {
      case "Add": return Add("layer")
      case "Subtract": return Subtract("layer")
      case "Multiply": return Multiply("layer")
      case "Maximum": return Maximum("layer")
      case "Minimum": return Minimum("layer")
      case "Average": return Average("layer")
      default: throw GoldenError.missing("\(self) operation")
      }
    }
  }
}

extension GoldenOptions {
  fileprivate var order: Flatten.Order { flattenOrder == "HWC" ? .channelsLast : .channelsFirst }
}
