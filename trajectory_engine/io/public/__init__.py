"""Importers of public formats: each makes an ordinary scenario of a file that others wrote."""

from trajectory_engine.io.public.base import Conversion as Conversion
from trajectory_engine.io.public.base import Importer as Importer
from trajectory_engine.io.public.base import Source as Source
from trajectory_engine.io.public.registry import FORMATS as FORMATS
from trajectory_engine.io.public.registry import import_public as import_public
from trajectory_engine.io.public.registry import read_public as read_public
