"""torchvision's networks beside a torch that its compiled operators were not built for.

The networks need none of those operators (boxes and regions), but importing torchvision registers shapes for them and
fails where they are missing. Importing this module first leaves that registration out.
"""

import sys
import types

sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

from torchvision import models  # noqa: E402, F401
