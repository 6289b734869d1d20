#include <new>

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "CImaging.h"

namespace {
int say_nothing(int, const char *, const char *, const char *, int, void *) { return 0; }

// Once a process: no words on stderr, and no threads of its own beside the loader's.
bool prepare() {
  cv::redirectError(say_nothing);
  cv::setNumThreads(0);
  return true;
}
}  // namespace

imaging_status imaging_resize_linear(
    const uint8_t *pixels, int width, int height, float *resized, int new_width, int new_height) {
  try {
    static const bool prepared = prepare();
    (void)prepared;
    const cv::Mat source(height, width, CV_8UC3, const_cast<uint8_t *>(pixels));
    cv::Mat floats;
    source.convertTo(floats, CV_32FC3);
    cv::Mat target(new_height, new_width, CV_32FC3, resized);
    cv::resize(floats, target, target.size(), 0, 0, cv::INTER_LINEAR);
    // Had OpenCV chosen memory of its own, `resized` would hold nothing.
    return target.ptr<float>() == resized ? IMAGING_READ : IMAGING_DAMAGED;
  } catch (const std::bad_alloc &) {
    return IMAGING_OUT_OF_MEMORY;
  } catch (...) {
    return IMAGING_DAMAGED;
  }
}
