"""Places named in free text: which words of a sentence mean a city, and which only look like one."""
