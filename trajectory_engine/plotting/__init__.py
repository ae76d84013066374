"""Pictures for people: calendars, paths of tasks, matrices, pyramids.

Every ``plot_*`` function draws on the Axes it is given, or on a figure of its own, and returns
the Axes; nothing here touches pyplot or other global state.
"""

from trajectory_engine.plotting.answers import plot_front as plot_front
from trajectory_engine.plotting.answers import plot_waterfall as plot_waterfall
from trajectory_engine.plotting.answers import save_front_picture as save_front_picture
from trajectory_engine.plotting.answers import save_waterfall as save_waterfall
from trajectory_engine.plotting.calendar import plot_calendar as plot_calendar
from trajectory_engine.plotting.calendar import plot_load as plot_load
from trajectory_engine.plotting.matrix import MatrixView as MatrixView
from trajectory_engine.plotting.matrix import plot_matrix as plot_matrix
from trajectory_engine.plotting.pictures import save_teacher_pictures as save_teacher_pictures
from trajectory_engine.plotting.pictures import task_picture as task_picture
from trajectory_engine.plotting.pyramid import plot_pyramid as plot_pyramid
from trajectory_engine.plotting.task_path import plot_task_paths as plot_task_paths
