#include "CImaging.h"
#include <opencv2/imgproc.hpp>
