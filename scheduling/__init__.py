"""When things happen without anybody asking: the timetable, on one page, and its runner."""
