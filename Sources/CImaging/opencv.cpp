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

// Calls OpenCV, and turns what it throws into a status.
template <typename Work>
imaging_status guarded(Work work) {
  try {
    static const bool prepared = prepare();
    (void)prepared;
    return work();
  } catch (const std::bad_alloc &) {
    return IMAGING_OUT_OF_MEMORY;
  } catch (...) {
    return IMAGING_DAMAGED;
  }
}

// Had OpenCV chosen memory of its own, the caller's would hold nothing.
imaging_status lies_at(const void *expected, const cv::Mat &target) {
  return target.data == expected ? IMAGING_READ : IMAGING_DAMAGED;
}
}  // namespace

imaging_status imaging_resize_linear(
    const uint8_t *pixels, int width, int height, float *resized, int new_width, int new_height) {
  return guarded([&] {
    const cv::Mat source(height, width, CV_8UC3, const_cast<uint8_t *>(pixels));
    cv::Mat floats;
    source.convertTo(floats, CV_32FC3);
    cv::Mat target(new_height, new_width, CV_32FC3, resized);
    cv::resize(floats, target, target.size(), 0, 0, cv::INTER_LINEAR);
    return lies_at(resized, target);
  });
}

imaging_status imaging_warp(
    const uint8_t *pixels, int width, int height, imaging_region part, const double matrix[9], uint8_t *warped,
    int new_width, int new_height) {
  return guarded([&] {
    const cv::Mat whole(height, width, CV_8UC3, const_cast<uint8_t *>(pixels));
    const cv::Mat source = whole(cv::Rect(part.left, part.top, part.width, part.height));
    const cv::Mat map(3, 3, CV_64F, const_cast<double *>(matrix));
    cv::Mat target(new_height, new_width, CV_8UC3, warped);
    cv::warpPerspective(
        source, target, map, target.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT);
    return lies_at(warped, target);
  });
}

imaging_status imaging_blur(uint8_t *pixels, int width, int height, double deviation) {
  return guarded([&] {
    cv::Mat image(height, width, CV_8UC3, pixels);
    cv::GaussianBlur(image, image, cv::Size(), deviation, deviation, cv::BORDER_REFLECT);
    return lies_at(pixels, image);
  });
}
