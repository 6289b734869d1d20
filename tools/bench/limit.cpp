// How many images a second a network could make if nothing but its convolutions took time: each distinct convolution runs
// alone through oneDNN, in the layouts that oneDNN likes best, and its fastest run counts as often as the network has it.
//
//   limit LIST BATCH fp32|bf16|int8 [REPEATS]
//
// A line of LIST: input channels, output channels, input height and width, kernel height and width, stride, padding in
// height and width, groups, and what a training step computes beside the outputs: 0 nothing, 1 the gradient of the kernel,
// 2 also that of the input. Prints one JSON object; direct and Winograd algorithms, and the faster of both in each place.
#include <dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace {

using dnnl::algorithm;
using dnnl::memory;
using Arguments = std::unordered_map<int, memory>;

constexpr double never = std::numeric_limits<double>::infinity();

struct Convolution {
  int inputs, outputs, height, width, kernel_height, kernel_width, stride, pad_height, pad_width, groups, gradients;

  auto fields() const {
    return std::tie(inputs, outputs, height, width, kernel_height, kernel_width, stride, pad_height, pad_width, groups,
                    gradients);
  }
  bool operator<(const Convolution& other) const { return fields() < other.fields(); }

  int output_height() const { return (height + 2 * pad_height - kernel_height) / stride + 1; }
  int output_width() const { return (width + 2 * pad_width - kernel_width) / stride + 1; }

  /// Multiplications and additions for one image, forward.
  double operations() const {
    return 2.0 * outputs * output_height() * output_width() * (inputs / groups) * kernel_height * kernel_width;
  }
};

/// Seconds that a network's convolutions take, one kind of work after the other.
struct Seconds {
  double forward = 0, input_gradients = 0, kernel_gradients = 0;

  double total() const { return forward + input_gradients + kernel_gradients; }
};

struct Precision {
  memory::data_type source, kernel, destination;

  static Precision named(const std::string& name) {
    using type = memory::data_type;
    if (name == "fp32") return {type::f32, type::f32, type::f32};
    if (name == "bf16") return {type::bf16, type::bf16, type::bf16};
    if (name == "int8") return {type::u8, type::s8, type::u8};
    throw std::invalid_argument("no precision is called " + name);
  }
};

class Bench {
 public:
  Bench(int batch, Precision precision, int repeats) : batch_(batch), repeats_(repeats), precision_(precision) {}

  /// Seconds of one convolution by one algorithm; `never` for what oneDNN has no such kernel for.
  Seconds time(const Convolution& c, algorithm kind) {
    const auto any = memory::format_tag::any;
    const memory::dims kernel_dims =
        c.groups > 1 ? memory::dims{c.groups, c.outputs / c.groups, c.inputs / c.groups, c.kernel_height, c.kernel_width}
                     : memory::dims{c.outputs, c.inputs, c.kernel_height, c.kernel_width};
    const memory::desc source({batch_, c.inputs, c.height, c.width}, precision_.source, any);
    const memory::desc kernel(kernel_dims, precision_.kernel, any);
    const memory::desc destination({batch_, c.outputs, c.output_height(), c.output_width()}, precision_.destination, any);
    const memory::dims strides{c.stride, c.stride}, padding{c.pad_height, c.pad_width};

    // Without training, the ReLU that follows most convolutions costs nothing: it is part of the kernel.
    const bool trains = c.gradients > 0;
    dnnl::primitive_attr attributes;
    if (!trains) {
      dnnl::post_ops rectifier;
      rectifier.append_eltwise(1.0f, algorithm::eltwise_relu, 0.0f, 0.0f);
      attributes.set_post_ops(rectifier);
    }
    const auto purpose = trains ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const auto forward = [&] {
      return dnnl::convolution_forward::primitive_desc(
          {purpose, kind, source, kernel, destination, strides, padding, padding}, attributes, engine_);
    };

    Seconds seconds;
    seconds.forward = if_there([&] {
      const auto found = forward();
      return fastest(dnnl::convolution_forward(found), {{DNNL_ARG_SRC, filled(found.src_desc())},
                                                        {DNNL_ARG_WEIGHTS, filled(found.weights_desc())},
                                                        {DNNL_ARG_DST, filled(found.dst_desc())}});
    });
    if (c.gradients >= 1) {
      seconds.kernel_gradients = if_there([&] {
        const dnnl::convolution_backward_weights::primitive_desc found(
            {kind, source, kernel, destination, strides, padding, padding}, engine_, forward());
        return fastest(dnnl::convolution_backward_weights(found),
                       {{DNNL_ARG_SRC, filled(found.src_desc())},
                        {DNNL_ARG_DIFF_WEIGHTS, filled(found.diff_weights_desc())},
                        {DNNL_ARG_DIFF_DST, filled(found.diff_dst_desc())}});
      });
    }
    if (c.gradients >= 2) {
      seconds.input_gradients = if_there([&] {
        const dnnl::convolution_backward_data::primitive_desc found(
            {kind, source, kernel, destination, strides, padding, padding}, engine_, forward());
        return fastest(dnnl::convolution_backward_data(found),
                       {{DNNL_ARG_DIFF_SRC, filled(found.diff_src_desc())},
                        {DNNL_ARG_WEIGHTS, filled(found.weights_desc())},
                        {DNNL_ARG_DIFF_DST, filled(found.diff_dst_desc())}});
      });
    }
    return seconds;
  }

 private:
  template <typename Work>
  static double if_there(Work work) {
    try {
      return work();
    } catch (const dnnl::error&) {
      return never;
    }
  }

  /// The same byte everywhere: 0.0115 in both kinds of floating point, 60 in eight bits; never subnormal.
  memory filled(const memory::desc& description) {
    memory result(description, engine_);
    std::memset(result.get_data_handle(), 0x3c, description.get_size());
    return result;
  }

  double fastest(const dnnl::primitive& primitive, const Arguments& arguments) {
    double best = never;
    for (int run = 0; run <= repeats_; ++run) {
      const auto start = std::chrono::steady_clock::now();
      primitive.execute(stream_, arguments);
      stream_.wait();
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
      if (run > 0) best = std::min(best, passed.count());
    }
    return best;
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  int batch_, repeats_;
  Precision precision_;
};

std::map<Convolution, int> read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::invalid_argument("cannot read " + path);
  std::map<Convolution, int> counted;
  for (std::string line; std::getline(file, line);) {
    std::istringstream numbers(line);
    Convolution c;
    if (!(numbers >> c.inputs >> c.outputs >> c.height >> c.width >> c.kernel_height >> c.kernel_width >> c.stride >>
          c.pad_height >> c.pad_width >> c.groups >> c.gradients)) {
      throw std::invalid_argument(path + ": no convolution: " + line);
    }
    ++counted[c];
  }
  return counted;
}

/// A JSON number, or null where a kernel was missing.
std::string rate(int batch, double seconds) {
  if (seconds == never) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", batch / seconds);
  return text;
}

void measure(const std::string& path, int batch, const std::string& precision, int repeats) {
  Bench bench(batch, Precision::named(precision), repeats);
  Seconds direct, best;
  double operations = 0, winograd_share = 0;
  for (const auto& [convolution, count] : read(path)) {
    const Seconds one = bench.time(convolution, algorithm::convolution_direct);
    const Seconds other = bench.time(convolution, algorithm::convolution_winograd);
    direct.forward += count * one.forward;
    direct.input_gradients += count * one.input_gradients;
    direct.kernel_gradients += count * one.kernel_gradients;
    best.forward += count * std::min(one.forward, other.forward);
    best.input_gradients += count * std::min(one.input_gradients, other.input_gradients);
    best.kernel_gradients += count * std::min(one.kernel_gradients, other.kernel_gradients);
    operations += count * convolution.operations();
    if (other.forward < one.forward) winograd_share += count * convolution.operations();
  }
  std::printf("{\"images_per_second\": %s, \"direct_images_per_second\": %s, \"forward_images_per_second\": %s, "
              "\"operations_per_image\": %.0f, \"winograd_share\": %.3f, \"one_dnn\": \"%d.%d.%d\"}\n",
              rate(batch, best.total()).c_str(), rate(batch, direct.total()).c_str(), rate(batch, best.forward).c_str(),
              operations, winograd_share / operations, dnnl_version()->major, dnnl_version()->minor,
              dnnl_version()->patch);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4 || count > 5 || std::atoi(arguments[2]) < 1) {
    std::fprintf(stderr, "usage: limit LIST BATCH fp32|bf16|int8 [REPEATS]\n");
    return 64;
  }
  try {
    measure(arguments[1], std::atoi(arguments[2]), arguments[3], count == 5 ? std::atoi(arguments[4]) : 4);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit: %s\n", error.what());
    return 1;
  }
}
