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
    case "UnitNormalization": return UnitNormalization("layer")
    case "UnitDense": return UnitDense("layer", units: options.units ?? 0, scale: options.factor ?? 0)
    case "Concatenate", "Slice", "Pad", "Reduction", "Resize": return try axes
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
        "layer", size: Size2D(options.pool), strides: Size2D(options.strides), dilation: Size2D(options.dilation),
        padding: options.windowPadding, rounding: options.rounding ?? .down)
    case "AveragePooling2D":
      AveragePooling2D(
        "layer", size: Size2D(options.pool), strides: Size2D(options.strides), dilation: Size2D(options.dilation),
        padding: options.windowPadding, rounding: options.rounding ?? .down,
        countsPadding: options.countsPadding ?? false)
    case "GlobalAveragePooling2D":
      GlobalAveragePooling2D("layer", keepsDimensions: options.keepsDimensions ?? false)
    default: GlobalMaxPooling2D("layer", keepsDimensions: options.keepsDimensions ?? false)
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

  /// The layers whose options name axes.
  private var axes: any Layer {
    get throws {
      let axis = (options.axis ?? 1) - 1
      switch family {
      case "Concatenate": return Concatenate("layer", axis: axis)
      case "Slice":
        return Slice(
          "layer", axis: axis, begin: options.begin ?? 0, end: options.end ?? 0, step: options.step ?? 0)
      case "Pad":
        let modes: [String: Pad.Mode] = ["reflect": .reflect, "edge": .edge]
        return Pad(
          "layer", before: options.before ?? [], after: options.after ?? [],
          mode: modes[options.padding ?? ""] ?? .constant(options.offset ?? 0))
      case "Reduction":
        guard let operation = options.operation.flatMap(Reduction.Operation.init) else {
          throw GoldenError.missing("\(self) operation")
        }
        return Reduction(
          "layer", operation, axes: options.axes ?? [], keepsDimensions: options.keepsDimensions ?? false)
      default: return try resize
      }
    }
  }

  private var resize: Resize {
    get throws {
      let target: Resize.Target
      switch (options.resizedTo, options.scales) {
      case (let size?, _): target = .size(Size2D(size))
      case (_, let scales?): target = .factors(height: scales[0], width: scales[1])
      default: throw GoldenError.missing("\(self) target")
      }
      return Resize(
        "layer", to: target, interpolation: options.nearest.map { .nearest($0) } ?? .linear,
        coordinates: options.coordinates ?? .halfPixel)
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
      case "Divide": return Divide("layer")
      default: throw GoldenError.missing("\(self) operation")
      }
    }
  }
}

extension GoldenOptions {
  fileprivate var order: Flatten.Order { flattenOrder == "HWC" ? .channelsLast : .channelsFirst }
}
